/** Training frameworks that run the models of the transformers library, a file each. */
@NullMarked
package dev.vramcast.core.job.framework.huggingface;

import org.jspecify.annotations.NullMarked;
