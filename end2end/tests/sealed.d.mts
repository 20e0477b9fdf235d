import type { Page } from "@playwright/test";

export function kept(page: Page, name: string): Promise<string[]>;
export function addTo(page: Page, name: string, add: string[]): Promise<string[]>;
