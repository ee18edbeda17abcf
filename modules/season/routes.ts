import { type Endpoint, handle } from '#platform/http/endpoint';
import { ok } from '#platform/result';
import { addTheBatch, changeTheBatch, listTheBatches, removeTheBatch } from './batch.service.ts';
import * as catalogue from './catalogue.contract.ts';
import {
  addTheMajor,
  changeTheMajor,
  listTheMajors,
  removeTheLine,
  removeTheMajor,
  removeTheMajorCode,
  saveTheLine,
  saveTheMajorCode,
} from './catalogue.service.ts';
import { readLines, readMajorCodes } from './catalogue.store.ts';
import * as season from './contract.ts';
import * as policy from './policy.contract.ts';
import { addThePolicies, changeThePolicy, historyOfPolicy, listThePolicies } from './policy.service.ts';
import { copyThePolicies } from './policy-copy.service.ts';
import {
  changeTheSeason,
  createTheSeason,
  getTheSeason,
  listTheSeasons,
  moveTheSeason,
} from './season.service.ts';
import * as settings from './settings.contract.ts';
import { changeTheSettings, getTheSettings, historyOfSettings } from './settings.service.ts';

const seasonRoutes = (): Endpoint[] => [
  handle(season.listSeasons, (ctx) => listTheSeasons(ctx)),
  handle(season.getSeason, (ctx, { params }) => getTheSeason(ctx, params.seasonId)),
  handle(season.createSeason, (ctx, { body }) => createTheSeason(ctx, body)),
  handle(season.changeSeason, (ctx, { params, body }) => changeTheSeason(ctx, params.seasonId, body)),
  handle(season.moveSeason, (ctx, { params, body }) => moveTheSeason(ctx, params.seasonId, body)),
  handle(season.listBatches, (ctx, { params }) => listTheBatches(ctx, params.seasonId)),
  handle(season.addBatch, (ctx, { params, body }) => addTheBatch(ctx, params.seasonId, body)),
  handle(season.changeBatch, (ctx, { params, body }) => changeTheBatch(ctx, params, body)),
  handle(season.removeBatch, (ctx, { params, body }) => removeTheBatch(ctx, params, body.reason)),
];

const catalogueRoutes = (): Endpoint[] => [
  handle(catalogue.listMajors, (ctx, { params }) => listTheMajors(ctx, params.seasonId)),
  handle(catalogue.addMajor, (ctx, { params, body }) => addTheMajor(ctx, params.seasonId, body)),
  handle(catalogue.changeMajor, (ctx, { params, body }) => changeTheMajor(ctx, params, body)),
  handle(catalogue.removeMajor, (ctx, { params, body }) => removeTheMajor(ctx, params, body.reason)),
  handle(catalogue.listMajorCodes, async (ctx, { params, query }) =>
    ok(await readMajorCodes(ctx, params.seasonId, query)),
  ),
  handle(catalogue.saveMajorCode, (ctx, { params, body }) => saveTheMajorCode(ctx, params.seasonId, body)),
  handle(catalogue.removeMajorCode, (ctx, { params, body }) =>
    removeTheMajorCode(ctx, params.seasonId, body),
  ),
  handle(catalogue.listLines, async (ctx, { params, query }) =>
    ok(await readLines(ctx, params.seasonId, query)),
  ),
  handle(catalogue.saveLine, (ctx, { params, body }) => saveTheLine(ctx, params.seasonId, body)),
  handle(catalogue.removeLine, (ctx, { params, body }) => removeTheLine(ctx, params.seasonId, body)),
];

const policyRoutes = (): Endpoint[] => [
  handle(policy.listPolicies, (ctx, { params }) => listThePolicies(ctx, params.seasonId)),
  handle(policy.addPolicies, (ctx, { params, body }) => addThePolicies(ctx, params.seasonId, body.places)),
  handle(policy.changePolicy, (ctx, { params, body }) => changeThePolicy(ctx, { ...params, ...body })),
  handle(policy.policyHistory, (ctx, { params }) => historyOfPolicy(ctx, params)),
  handle(policy.copyPolicies, (ctx, { params, body }) => copyThePolicies(ctx, params.seasonId, body)),
  handle(settings.getSettings, (ctx, { params }) => getTheSettings(ctx, params.seasonId)),
  handle(settings.settingsHistory, (ctx, { params }) => historyOfSettings(ctx, params.seasonId)),
  handle(settings.changeSettings, (ctx, { params, body }) => changeTheSettings(ctx, params.seasonId, body)),
];

export const seasonEndpoints = (): Endpoint[] => [...seasonRoutes(), ...catalogueRoutes(), ...policyRoutes()];
