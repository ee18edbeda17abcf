/** The settings live with the season, which the office edits; kept here under the name the follow-up uses. */
export {
  DEFAULT_SETTINGS,
  ESCALATION_TIERS,
  type EscalationTier,
  type FollowUpSettings,
  settingsFrom,
} from '#season/rules';
