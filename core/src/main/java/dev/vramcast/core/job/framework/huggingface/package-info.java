/** Training frameworks that run the models of the transformers library, a file each. */
package dev.vramcast.core.job.framework.huggingface;
