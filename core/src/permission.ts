/**
 * A permission with its feature: `contacts:export`. Names of both consist of [a-z0-9_-] only (the catalogue's schema
 * sees to it), so the colon is unambiguous.
 */
export type PermissionName = `${string}:${string}`;

export const permissionName = (feature: string, permission: string): PermissionName => `${feature}:${permission}`;

export const featureOf = (name: PermissionName): string => name.slice(0, name.indexOf(':'));

export const permissionOf = (name: PermissionName): string => name.slice(name.indexOf(':') + 1);
