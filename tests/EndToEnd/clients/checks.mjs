// What the scripts of this folder share: the gateway's address, and one JSON line for each thing they try.
export const baseURL = process.env.BASE_URL;
export const apiKey = process.env.API_KEY;
export const model = "openclaw";

/** Runs a check and reports it; a failed one does not keep the next from running. */
export async function check(name, run) {
  try {
    await run();
    console.log(JSON.stringify({ check: name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ check: name, ok: false, error: error.stack ?? String(error) }));
  }
}

/** The parameters of the function tool that most checks offer. */
export const weatherParameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

export const weatherQuestion = "Call get_weather for Oslo";
