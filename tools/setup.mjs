/**
 * Makes a checkout ready to run: packages, the web apps, and a browser for the tests. npm calls it before `start`,
 * `test`, `check`, `bench` and `zhizhao`. Plain JavaScript on built-ins only, because it runs on the Node the machine
 * has (20.19 or newer) before anything is installed. When there is nothing to do it takes a few dozen milliseconds.
 *
 *   --quiet    say nothing unless something is done
 *   --no-web   do not build the web apps
 *   --browser  look for a Chromium, install it where that is possible
 *
 * Everything is said on stderr: stdout belongs to the command that follows.
 */
import { browserIsKnown, provideBrowser } from './setup/browser.mjs';
import { withLock } from './setup/lock.mjs';
import { checkRuntime, installPackages, packagesMatchLock, versionIsEnough } from './setup/packages.mjs';
import { SetupFailure, say } from './setup/support.mjs';
import { build, isBuilt, webApps } from './setup/web.mjs';

const flags = new Set(process.argv.slice(2));

await main();

async function main() {
  try {
    if (isReady()) return;
    await withLock(() => {
      if (!packagesMatchLock()) installPackages();
      checkRuntime();
      if (!flags.has('--no-web')) for (const app of webApps()) if (!isBuilt(app)) build(app);
      if (flags.has('--browser')) provideBrowser();
    });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    say(`✗ ${error.message}`);
    process.exitCode = 1;
  }
}

function isReady() {
  if (!packagesMatchLock() || !versionIsEnough(process.versions.node)) return false;
  if (!flags.has('--no-web') && !webApps().every(isBuilt)) return false;
  if (flags.has('--browser') && !browserIsKnown()) return false;
  if (!flags.has('--quiet')) say('✓ 环境已就绪');
  return true;
}
