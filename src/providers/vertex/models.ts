/** https://cloud.google.com/vertex-ai/generative-ai/docs/models */
import type { ModelInfo } from '../../models/model-info.ts';
import { ALL_LEVELS, FLASH, geminiModel, PRO } from '../gemini-models.ts';

export const models: readonly ModelInfo[] = [
  geminiModel('gemini-3.7-flash', { ...PRO, maxBudget: 65_535, levels: ALL_LEVELS }),
  geminiModel('gemini-3.6-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.5-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.5-flash-lite', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.1-pro', { ...PRO, levels: ['low', 'medium', 'high'] }),
  geminiModel('gemini-3.1-pro-preview', { ...PRO, levels: ['low', 'medium', 'high'] }),
  geminiModel('gemini-3.1-flash-lite', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-3.1-flash-image', { ...PRO, levels: ['minimal', 'high'] }),
  geminiModel('gemini-3-pro', { ...PRO, levels: ['low', 'high'] }),
  geminiModel('gemini-3-pro-image', { ...PRO, levels: ['low', 'high'] }),
  geminiModel('gemini-3-flash', { ...PRO, levels: ALL_LEVELS }),
  geminiModel('gemini-2.5-pro', PRO),
  geminiModel('gemini-2.5-flash', FLASH),
  geminiModel('gemini-2.5-flash-image', FLASH),
  geminiModel('gemini-2.5-flash-lite', FLASH),
];
