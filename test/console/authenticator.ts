import type { CDPSession, Locator, Page, Route } from 'playwright-core';

/** Where passkeys are kept, as a finger on a sensor. */
export interface Authenticator {
  credentials(): Promise<unknown[]>;
  /** Whether somebody is at the device, who goes along with whatever is asked. Nobody is at first. */
  isAttended(attended: boolean): Promise<void>;
  /**
   * Somebody comes as soon as the button that signs in has been pressed. Until then nobody may be there: browsers offer
   * passkeys beside the address field, too, which this device would take for its owner's wish at once.
   */
  isAttendedFrom(button: Locator): Promise<void>;
}

/** A passkey provider of the device itself, which finds that it is its owner, or that it is not. */
export async function plugIn(page: Page, { isUserVerified = true } = {}): Promise<Authenticator> {
  const devTools: CDPSession = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: false,
    },
  });
  const isAttended = async (enabled: boolean) => {
    await devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  };
  return {
    credentials: async () => (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    isAttended,
    async isAttendedFrom(button) {
      await isAttended(false);
      const arrive = async (route: Route) => {
        const isPressed = (await button.and(page.locator('[data-loading]')).count()) > 0;
        if (isPressed) await isAttended(true);
        await route.continue();
        if (isPressed) await page.unroute(challenges, arrive);
      };
      await page.route(challenges, arrive);
    },
  };
}

/** What is asked for last before a device is. */
const challenges = '**/v3/sign-in/passkey/options';
