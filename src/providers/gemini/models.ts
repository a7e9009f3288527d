/** https://ai.google.dev/gemini-api/docs/models */
import type { ModelInfo } from '../../models/model-info.ts';
import { ALL_LEVELS, FLASH, geminiModel, PRO } from '../gemini-models.ts';

export const models: readonly ModelInfo[] = [
  geminiModel('gemini-3.7-flash', { ...PRO, maxBudget: 65_535, levels: ALL_LEVELS }),
  geminiModel('gemini-3.6-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.5-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.5-flash-lite', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.1-pro-preview', { ...PRO, levels: ['low', 'medium', 'high'] }),
  geminiModel('gemini-3.1-flash-lite-preview', { ...PRO, levels: ['minimal', 'high'] }),
  geminiModel('gemini-3.1-flash-image-preview', { ...PRO, levels: ['minimal', 'high'] }),
  geminiModel('gemini-3-pro-preview', { ...PRO, levels: ['low', 'high'] }),
  geminiModel('gemini-3-pro-image-preview', { ...PRO, levels: ['low', 'high'] }),
  geminiModel('gemini-3-flash-preview', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-2.5-pro', PRO),
  geminiModel('gemini-2.5-flash', FLASH),
  geminiModel('gemini-2.5-flash-lite', FLASH),
];
