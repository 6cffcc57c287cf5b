import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import type { FastifyInstance } from 'fastify'
import { HoldfastError } from '../../../core/model/error.ts'

const COMMON: Options = {
  allErrors: false,
  removeAdditional: false,
  useDefaults: false,
  strict: false,
}

/**
 * Requests against their schemas. All of a path and of a query is text, so numbers and lists are
 * made of it; a body says itself what is what.
 */
export function useValidators(app: FastifyInstance): void {
  const texts = new Ajv({ ...COMMON, coerceTypes: 'array' })
  const documents = new Ajv(COMMON)
  app.setValidatorCompiler(({ schema, httpPart }) => {
    // Compiled when first asked for: all of them together take half a second of CPU.
    let validate: ValidateFunction | undefined
    return (value: unknown) => {
      validate ??= (httpPart === 'body' ? documents : texts).compile(schema as object)
      return validate(value) ? { value } : { error: refusal(validate.errors?.[0]) }
    }
  })
}

function refusal(error: ErrorObject | undefined): HoldfastError {
  const { instancePath = '', message = 'is not as it should be' } = error ?? {}
  const stranger = (error?.params as { additionalProperty?: string } | undefined)
    ?.additionalProperty
  const field = instancePath.slice(1).replaceAll('/', '.')
  if (stranger !== undefined)
    return new HoldfastError(
      'invalid-argument',
      `there is no field ${stranger}${field && ` in ${field}`}`,
      {
        hint: 'GET /api/v1/openapi.json lists what there is',
      },
    )
  return new HoldfastError('invalid-argument', `${field || 'the body'} ${message}`)
}
