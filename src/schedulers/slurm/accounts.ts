import { type Account, MOST_ACCOUNTS, type Qos } from '../../api/clusterCheck';

/** A partition as Slurm shows it: the values of its keys. */
export interface Partition {
  name: string;
  state: string;
  value: (key: string) => string | undefined;
}

/** One line of a person's in the accounting: with an account, perhaps in one partition alone, by some QoS. */
interface Association {
  account: string;
  /** null: in all. */
  partition: string | null;
  /** Empty: not told. */
  qos: string[];
  defaultQos: string | null;
}

/** More than any person has. */
const MOST_ASSOCIATIONS = 1000;
const MOST_QOS = 200;

const NAME = String.raw`[^|,\s]{1,128}`;

/** `association physics|short|normal,high|normal` (sacctmgr(1)): the partition and the QoS may be empty. */
const LINE = new RegExp(String.raw`^association (${NAME})\|((?:${NAME})?)\|([^|\s]*)\|([^|\s]*)$`);

/** The person's associations, once all of them were told. */
export function readAssociations(lines: readonly string[]): Association[] {
  return lines
    .slice(0, Math.max(0, lines.indexOf('associations told')))
    .slice(-MOST_ASSOCIATIONS)
    .flatMap(line => {
      const [, account, partition = '', qos = '', defaultQos = ''] = LINE.exec(line) ?? [];
      return account === undefined
        ? []
        : [
            {
              account,
              partition: partition || null,
              qos: names(qos),
              defaultQos: defaultQos || null
            }
          ];
    });
}

/** The accounts and QoS of these associations, and which partitions surely do not take them. */
export function accountsOf(
  associations: readonly Association[],
  partitions: readonly Partition[],
  version: string | null
): { accounts: Account[]; qos: Qos[] } {
  const accounts = unique(associations.map(({ account }) => account)).slice(0, MOST_ACCOUNTS);
  const qos = unique(associations.flatMap(association => association.qos)).slice(0, MOST_QOS);
  const refusing = (refuses: (partition: Partition) => boolean): string[] =>
    partitions.filter(refuses).map(({ name }) => name);
  return {
    accounts: accounts.map(name => {
      const own = associations.filter(({ account }) => account === name);
      const everywhere = own.some(({ partition }) => partition === null);
      return {
        name,
        notIn: refusing(
          partition =>
            refusesAccount(partition, name, version) ||
            !(everywhere || own.some(association => association.partition === partition.name))
        ),
        qos: unique(own.flatMap(association => association.qos)).slice(0, MOST_QOS),
        defaultQos: own[0]?.defaultQos ?? null
      };
    }),
    qos: qos.map(name => ({ name, notIn: refusing(partition => refusesQos(partition, name)) }))
  };
}

/** Since this version, an account in AllowAccounts stands for all below it, too (slurm.conf(5)), which are not told. */
const WITH_ACCOUNTS_BELOW = [23, 2] as const;

function refusesAccount({ value }: Partition, account: string, version: string | null): boolean {
  const [major, minor] = (version ?? '').split('.').map(Number);
  const [withMajor, withMinor] = WITH_ACCOUNTS_BELOW;
  const isWhole =
    major !== undefined &&
    minor !== undefined &&
    (major < withMajor || (major === withMajor && minor < withMinor));
  const allowed = names(value('AllowAccounts') ?? 'ALL');
  return (
    names(value('DenyAccounts') ?? '').includes(account) ||
    (isWhole && !allowed.includes('ALL') && !allowed.includes(account))
  );
}

function refusesQos({ value }: Partition, qos: string): boolean {
  const allowed = names(value('AllowQos') ?? 'ALL');
  return (
    names(value('DenyQos') ?? '').includes(qos) ||
    (!allowed.includes('ALL') && !allowed.includes(qos))
  );
}

function names(list: string): string[] {
  return list.split(',').filter(name => name !== '');
}

function unique(all: readonly string[]): string[] {
  return [...new Set(all)];
}
