/** https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md */
import type { ModelInfo } from '../../models/model-info.ts';
import { ALL_LEVELS, FLASH, geminiModel, PRO } from '../gemini-models.ts';

export const models: readonly ModelInfo[] = [
  geminiModel('gemini-3.5-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.5-flash-lite', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.1-pro-preview', { ...PRO, levels: ['low', 'medium', 'high'] }),
  geminiModel('gemini-3-pro-preview', { ...PRO, levels: ['low', 'high'] }),
  geminiModel('gemini-3-flash-preview', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-2.5-pro', PRO),
  geminiModel('gemini-2.5-flash', FLASH),
  geminiModel('gemini-2.5-flash-lite', FLASH),
];
