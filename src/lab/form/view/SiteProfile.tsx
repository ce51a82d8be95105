import type { ChosenProfile } from '../../../api/profile';
import type { Translator } from '../../../api/translation';
import { originWords, profileDate, profileLines } from '../../../words';
import { Disclosure } from '../../parts/Disclosure';

interface SiteProfileProps {
  profile: ChosenProfile;
  /** Opens what can be changed. */
  change: () => void;
  trans: Translator;
}

/** Which profile counts for the chosen cluster, and what it says of the site beside the fields. */
export function SiteProfile({ change, profile, trans }: SiteProfileProps) {
  const { help, links, origin, sources, title, tried } = profile;
  const lines = profileLines(profile, trans);
  const date = profileDate(profile);
  return (
    <div className="jp-SubmitProfile">
      <p className="jp-SubmitForm-status">
        <span>{trans.__('Profile: %1', title)}</span>
        {origin !== 'administrator' && (
          <button type="button" className="jp-SubmitForm-link" onClick={change}>
            {trans.__('change')}
          </button>
        )}
      </p>
      <Disclosure
        label={trans.__('About the site')}
        summary={originWords(origin, tried !== false, trans)}
      >
        <ul className="jp-SubmitProfile-lines">
          {lines.map(line => (
            <li key={line}>{line}</li>
          ))}
          {help !== undefined && (
            <li>
              {trans.__('Help:')} <Link url={help} title={help.replace(/^mailto:/, '')} />
            </li>
          )}
          {links.map(link => (
            <li key={link.url}>
              <Link {...link} />
            </li>
          ))}
          <li>
            {trans.__('Made %1', originWords(origin, tried !== false, trans))}
            {date === '' ? '' : ` (${date})`}
            {sources.map(({ url }, index) => (
              <span key={url}>
                {' '}
                <Link url={url} title={`[${index + 1}]`} />
              </span>
            ))}
          </li>
        </ul>
      </Disclosure>
    </div>
  );
}

/** Opens beside the page, which learns nothing of where it came from. */
function Link({ title, url }: { title: string; url: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {title}
    </a>
  );
}
