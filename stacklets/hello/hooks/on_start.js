// Before every start of the page. What throws here stops the start; its text is what a person reads.
export function run({ env, step }) {
  if (env.GREETING.trim() === '') throw new Error('GREETING is empty: say something in desired/desired.toml')
  step(`The page will say: ${env.GREETING}`)
}
