import * as v from 'valibot';

/** What happens to the results of other machines: the person is asked, or never is. */
export const TRUST_RULES = ['ask', 'always', 'never'] as const;
export type TrustRule = (typeof TRUST_RULES)[number];

const TrustSettings = v.object({
  trustResults: v.fallback(v.optional(v.picklist(TRUST_RULES), 'ask'), 'ask'),
  trustedHosts: v.fallback(v.optional(v.array(v.string()), []), [])
});

/** What a person's settings say of trust in results; whatever is wrong there trusts nobody. */
export function readTrustSettings(settings: unknown): v.InferOutput<typeof TrustSettings> {
  return v.parse(TrustSettings, settings ?? {});
}
