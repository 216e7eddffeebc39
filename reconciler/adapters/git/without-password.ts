/** A text with addresses in it, as anybody may read them: `https://ada:hunter2@git.home/x` becomes `https://***@git.home/x`. */
export function withoutPassword(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/]*@/g, '$1***@')
}
