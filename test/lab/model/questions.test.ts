import { beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/api/client';
import { Questions } from '../../../src/lab/model/questions';
import { serverTransport } from '../../../src/lab/transport';
import { FakePages, type JobsPage } from '../fakePages';
import { json, problemAnswer } from '../fakeServer';
import { problemOf } from '../problemOf';
import { question } from '../questions/question';

const code = question();
const other = question({ id: '22222222-2222-3333-4444-555555555555', host: 'other' });
const ANSWER = `POST questions/${code.id}`;

let pages: FakePages;

beforeEach(() => {
  pages = new FakePages();
});

/** Opens a page; its questions. */
function open(): JobsPage & { questions: Questions } {
  const made = pages.open();
  const client = new Client(serverTransport(pages.server.settings));
  return { ...made, questions: new Questions(client, made.jobs) };
}

const ids = (questions: Questions): string[] => questions.list.map(({ id }) => id);

describe('questions', () => {
  it('are told by the stream, and are gone when they are over', async () => {
    const { jobs, questions } = open();
    jobs.follow();
    await pages.pass(1);
    expect(ids(questions)).toEqual([]);
    await pages.ask(code, other);
    expect(ids(questions)).toEqual([code.id, other.id]);
    await pages.ask(other);
    expect(ids(questions)).toEqual([other.id]);
  });

  it('are told by the list, where there is no stream', async () => {
    pages.questions = [code];
    const page = pages.open({ locks: null });
    const questions = new Questions(new Client(serverTransport(pages.server.settings)), page.jobs);
    page.jobs.follow();
    await pages.pass(1);
    expect(ids(questions)).toEqual([code.id]);
    pages.questions = [];
    await pages.pass(6);
    expect(ids(questions)).toEqual([]);
  });

  it('reach every page of the browser, also those that follow no jobs, and stay with them', async () => {
    const [first, second] = [open(), open()];
    const following = first.jobs.follow();
    await pages.pass(1);
    await pages.ask(code);
    expect(ids(second.questions)).toEqual([code.id]);
    following.dispose();
    first.page.hide();
    await pages.pass(60);
    expect(pages.server.open).toHaveLength(1);
    await pages.ask();
    expect(ids(second.questions)).toEqual([]);
    await pages.pass(60);
    expect(pages.server.open).toHaveLength(0);
  });

  it('that were asked before a page began to look are known to it', async () => {
    const first = open();
    first.jobs.follow();
    await pages.pass(1);
    await pages.ask(code);
    const late = open();
    late.jobs.follow();
    await pages.pass(1);
    expect(ids(late.questions)).toEqual([code.id]);
    expect(late.jobs.phase).toBe('live');
  });
});

it('that are over do not come back by a list that is late', async () => {
  const first = open();
  first.jobs.follow();
  await pages.pass(1);
  await pages.ask(code);
  let answer: (late: Response) => void = () => undefined;
  const late = new Promise<Response>(resolve => (answer = resolve));
  pages.server.on('GET jobs', () => late);
  const second = open();
  second.jobs.follow();
  await pages.pass(1);
  await pages.ask();
  answer(json({ jobs: [], questions: [code] }));
  await pages.pass(1);
  expect(second.jobs.phase).toBe('live');
  expect(ids(second.questions)).toEqual([]);
});

describe('an answer', () => {
  it('goes to the service, and its question is in the list no more', async () => {
    const { jobs, questions } = open();
    jobs.follow();
    await pages.pass(1);
    await pages.ask(code, other);
    pages.server.on(ANSWER, () => json({}));
    const answering = questions.answer(code.id, ['123456']);
    expect(ids(questions)).toEqual([other.id]);
    await answering;
    expect(ids(questions)).toEqual([other.id]);
    expect(pages.server.asked.at(-1)).toMatchObject({
      path: `api/questions/${code.id}`,
      body: '{"answers":["123456"]}'
    });
  });

  it('can be that the person wants no more of it', async () => {
    const { questions } = open();
    pages.server.on(ANSWER, () => json({}));
    await questions.answer(code.id, null);
    expect(pages.server.asked.at(-1)?.body).toBe('{"answers":null}');
  });

  it('that comes too late is a problem, and the question stays away', async () => {
    const { jobs, questions } = open();
    jobs.follow();
    await pages.pass(1);
    await pages.ask(code);
    pages.server.on(ANSWER, () => problemAnswer('question-over', {}, 409));
    expect(await problemOf(questions.answer(code.id, ['1']))).toMatchObject({
      code: 'question-over'
    });
    expect(ids(questions)).toEqual([]);
  });

  it('that does not arrive can be given again, and is in no problem', async () => {
    const { jobs, questions } = open();
    jobs.follow();
    await pages.pass(1);
    await pages.ask(code);
    const wrong = await problemOf(questions.answer(code.id, ['secret-code']));
    expect(wrong).toMatchObject({ code: 'server-silent' });
    expect(JSON.stringify(wrong)).not.toContain('secret-code');
    expect(ids(questions)).toEqual([code.id]);
  });
});
