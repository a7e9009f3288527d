import type { ManagementRoute } from '../management.ts';
import { authUrlRoutes } from './auth-url-routes.ts';
import { callbackRoutes } from './callback-route.ts';
import { importRoutes } from './import-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import type { WebLogins } from './web-logins.ts';

/** The endpoints with which control panels log in. */
export function loginRoutes(logins: WebLogins, nowMs: () => number): readonly ManagementRoute[] {
  return [
    ...authUrlRoutes(logins, nowMs),
    ...sessionRoutes(logins),
    ...callbackRoutes(logins),
    ...importRoutes(logins),
  ];
}
