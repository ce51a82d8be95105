import type { Question } from '../../api/question';
import type { Translator } from '../../api/translation';

/** The key that a host has shown. */
export function HostKey({
  shown,
  trans
}: {
  shown: NonNullable<Question['key']>;
  trans: Translator;
}) {
  const rows = [
    [trans.__('Kind'), shown.type],
    [trans.__('Fingerprint'), shown.fingerprint],
    [trans.__('Address'), shown.address]
  ];
  return (
    <dl className="jp-SubmitQuestion-key">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
