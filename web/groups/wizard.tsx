import { Wizard, WizardStep } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import type { Group, GroupPlan, GroupSettings } from '../api/documents.ts'
import { useChange, useDocument } from '../api/use-api.ts'
import { FailureAlert, Loaded } from '../shown/loaded.tsx'
import { Page } from '../shown/page.tsx'
import { useWords } from '../words/words.tsx'
import { newSettings } from './new-settings.ts'
import { PlanStep } from './plan-step.tsx'
import type { Wish } from './wish.ts'
import { ChecksStep, GoalsStep, MembersStep, OptionsStep, ReplicaStep } from './steps.tsx'

export function NewGroup() {
  const words = useWords()
  return (
    <Page title={words.groups.create}>
      <Steps before={undefined} first={{ name: '', settings: newSettings(), members: [] }} />
    </Page>
  )
}

export function ChangeGroup() {
  const { group: name = '' } = useParams()
  const words = useWords()
  const group = useDocument<Group>(['groups', name])
  return (
    <Page title={words.groups.changeOf(name)}>
      <Loaded of={group}>
        {(document) => <Steps key={document.id} before={document} first={wishOf(document)} />}
      </Loaded>
    </Page>
  )
}

function wishOf({ name, settings, members }: Group): Wish {
  return {
    name,
    settings: settings ?? newSettings(),
    members: members.filter(({ byRule }) => !byRule).map(({ source }) => source),
  }
}

/** On a phone the kit's button over the steps reads one thing and is called another. */
function nameTogglesAsTheyRead(): void {
  for (const toggle of document.querySelectorAll('.pf-v6-c-wizard__toggle'))
    toggle.removeAttribute('aria-label')
}

interface StepsProps {
  readonly before: Group | undefined
  readonly first: Wish
}

/** The steps of a protection group, with what would come of it at the end. */
function Steps({ before, first }: StepsProps) {
  const { groups: words } = useWords()
  const [wish, setWish] = useState(first)
  const plan = useChange<GroupPlan>()
  const save = useChange<Group>()
  const go = useNavigate()
  const body = bodyOf(wish, before)
  useEffect(nameTogglesAsTheyRead)
  const set = (part: Partial<GroupSettings>) =>
    setWish({ ...wish, settings: { ...wish.settings, ...part } })
  const step = { wish, onWish: setWish, onSettings: set, isNew: before === undefined }
  return (
    <>
      {save.error && <FailureAlert failure={save.error} />}
      <Wizard
        isVisitRequired={before === undefined}
        onClose={() => void go('/groups')}
        onStepChange={(_event, { id }) => {
          if (id === 'plan') plan.mutate({ verb: 'POST', parts: ['groups', 'plan'], body })
        }}
        onSave={() =>
          save.mutate(
            { verb: 'POST', parts: ['groups'], body },
            { onSuccess: ({ name }) => void go(`/groups/${encodeURIComponent(name)}`) },
          )
        }
      >
        <WizardStep
          name={words.steps.members}
          id="members"
          footer={{ isNextDisabled: wish.name.trim() === '' }}
        >
          <MembersStep {...step} />
        </WizardStep>
        <WizardStep name={words.steps.goals} id="goals">
          <GoalsStep {...step} />
        </WizardStep>
        <WizardStep name={words.steps.replica} id="replica">
          <ReplicaStep {...step} />
        </WizardStep>
        <WizardStep name={words.steps.checks} id="checks">
          <ChecksStep {...step} />
        </WizardStep>
        <WizardStep name={words.steps.options} id="options">
          <OptionsStep {...step} />
        </WizardStep>
        <WizardStep
          name={words.steps.plan}
          id="plan"
          footer={{ nextButtonText: words.carryOut, isNextDisabled: !plan.data || save.isPending }}
        >
          <PlanStep plan={plan} />
        </WizardStep>
      </Wizard>
    </>
  )
}

/** Names that are kept are not sent: members of a group stay unless they are removed. */
function bodyOf({ name, settings, members }: Wish, before: Group | undefined): object {
  const there = (before?.members ?? []).filter(({ byRule }) => !byRule).map(({ source }) => source)
  return {
    name: before?.name ?? name.trim(),
    create: before === undefined,
    ...(before && before.name !== name.trim() ? { newName: name.trim() } : {}),
    settings: withoutNulls(settings),
    add: members.filter((source) => !there.includes(source)),
    remove: there.filter((source) => !members.includes(source)),
    removedPoints: 'keep',
  }
}

function withoutNulls(settings: GroupSettings): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}
