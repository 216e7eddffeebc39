import type { Draft } from '../../definitions/adopt/draft.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { FoundProject } from '../../model/found-project.ts'
import { stackletOf } from '../../plan/step.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import { errorsOfWhole, loadDesired } from '../load-desired.ts'
import { preview } from '../preview.ts'
import { askCompose } from '../resolve-projects.ts'
import { adoptRunning } from '../take-over.ts'
import { draftWorld } from './draft-world.ts'
import type { AdoptParts } from './parts.ts'
import { notAdoptable } from './refusals.ts'

export interface Checked {
  readonly project: FoundProject
  readonly draft: Draft
  readonly state: 'running' | 'stopped' | 'paused'
  /** What is to be committed, by path in the instance. */
  readonly files: readonly NewFile[]
}

/** Throws where the files and the containers are not one, or the next plan would not be empty. Writes nothing. */
export async function checkDraft(parts: AdoptParts, checked: Checked, signal: AbortSignal): Promise<void> {
  const { project, draft } = checked
  const outdated = await parts.projects.outdated(project, signal)
  if (outdated.length > 0) {
    const hint = `docker compose up -d in ${project.directory} makes them one; then adopt, or undo the edits there`
    throw notAdoptable(
      `the files of ${project.name} are not what runs: Compose would make ${some(outdated)} anew`,
      hint,
    )
  }
  const inside = draft.files.map((file) => ({ ...file }))
  await parts.folder.staged(inside, (directory) => checkStaged(parts, { ...checked, directory }, signal))
}

async function checkStaged(
  parts: AdoptParts,
  { project, draft, state, files, directory }: Checked & { readonly directory: string },
  signal: AbortSignal,
): Promise<void> {
  const { home } = parts
  const world = await draftWorld(parts.world, { draft, files, directory, home }, signal)
  await mustMeanTheSame(parts, { project, draft, directory }, world, signal)
  const [taken] = await adoptRunning(world, [{ id: draft.id, state, because: null }], home, signal)
  if (taken?.problem) throw notAdoptable(`${project.name} cannot be adopted: ${taken.problem}`, 'see to that first')
  const { plan } = await preview(world, { from: 'head', ids: [], home }, signal)
  const steps = plan.steps.filter(({ step }) => stackletOf(step) === draft.id)
  const notes = plan.notes.filter(({ stacklet, kind }) => stacklet === draft.id && kind !== 'warning')
  const [note] = notes
  if (note !== undefined) throw notAdoptable(`${project.name} cannot be adopted: ${note.message}`, note.hint)
  if (steps.length === 0) return
  const would = steps.map(({ id, step }) => `${id} (${step.because})`)
  const hint = `put that right with docker compose in ${project.directory}, and run this again`
  throw notAdoptable(`${project.name} cannot be adopted as it runs: the next run would ${some(would)}`, hint)
}

async function mustMeanTheSame(
  { projects, home }: AdoptParts,
  { project, draft, directory }: Pick<Checked, 'project' | 'draft'> & { readonly directory: string },
  world: AdoptParts['world'],
  signal: AbortSignal,
): Promise<void> {
  const { desired } = await loadDesired(world, 'head', home, signal)
  const wanted = desired.stacklets.find(({ id }) => id === draft.id)
  const problems = [...errorsOfWhole(desired), ...(wanted?.problems ?? [])].filter(({ level }) => level === 'error')
  if (wanted === undefined || problems.length > 0) throw new InvalidInstance(problems)
  const answer = await askCompose(world, null, wanted, signal)
  if (answer.kind === 'refused') {
    const [complaint] = answer.complaints
    const where = `docker-compose.yml of ${draft.id}, line ${complaint?.line}`
    throw notAdoptable(`${project.name} cannot be adopted: ${where}: ${complaint?.message}`, inEnv(project))
  }
  const different = await projects.differences(project, { document: answer.document, directory }, signal)
  if (different.length === 0) return
  const hint = `write ${different[0]} out in the Compose file of ${project.name} and run this again`
  throw notAdoptable(`${project.name} cannot be adopted: a copy of its files would differ in ${some(different)}`, hint)
}

function inEnv({ directory }: FoundProject): string {
  return `what a shell had set when it was started is not known here: write it into ${directory}/.env`
}

function some(texts: readonly string[]): string {
  return [...texts.slice(0, 3), ...(texts.length > 3 ? ['…'] : [])].join(', ')
}
