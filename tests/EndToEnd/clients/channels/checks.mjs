// What the scripts of this folder share. Each prints one JSON line for each thing it tries.
export const origin = process.env.PLATFORM;
export const token = process.env.TOKEN;

/** Runs a check and reports it; a failed one does not keep the next from running. */
export async function check(name, run) {
  try {
    await run();
    console.log(JSON.stringify({ check: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ check: name, ok: false, error: error.stack ?? String(error) }));
  }
}
