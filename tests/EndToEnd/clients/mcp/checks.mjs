/** Runs a check and reports it as one line of JSON; a failed one does not keep the next from running. */
export async function check(name, run) {
  try {
    await run();
    console.log(JSON.stringify({ check: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ check: name, ok: false, error: error.stack ?? String(error) }));
  }
}
