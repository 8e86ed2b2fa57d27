// Owns redeeming an approved sign-in with Better-Auth's state machine for RFC 8628, without the session that its own
// route would create.
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { redeemDeviceCode } from 'better-auth/plugins';
import { z } from 'zod';
import { findAsking } from '../../database/accounts/device-codes.ts';
import type { Database } from '../../database/database.ts';

const bodySchema = z.object({ deviceCode: z.string(), clientId: z.string() });

/** Adds `api.redeemDevice`: who approved, and what asked. The path of /api/auth is in no list of open ones. */
export function deviceRedemption(db: Database) {
  return {
    id: 'device-redemption',
    endpoints: {
      redeemDevice: createAuthEndpoint('/device/redeem', { method: 'POST', body: bodySchema }, async (ctx) => {
        const { deviceCode, clientId } = ctx.body;
        const { user, redemptionContext } = await redeemDeviceCode({
          ctx,
          deviceCode,
          authorizeRedemption: (row) => {
            if (row.clientId !== clientId) throw notItsCode();
            return { ownershipWhere: { field: 'clientId', value: clientId }, context: undefined };
          },
          prepareRedemption: (row) => findAsking(db, row.id),
        });
        return { userId: user.id, asking: redemptionContext };
      }),
    },
  } satisfies BetterAuthPlugin;
}

function notItsCode(): APIError {
  return new APIError('BAD_REQUEST', {
    error: 'invalid_grant',
    error_description: 'The code belongs to another client',
  });
}
