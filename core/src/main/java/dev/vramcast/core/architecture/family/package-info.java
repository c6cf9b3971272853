/**
 * Model families of Transformers: for each {@code model_type}, the modules that its modeling code
 * builds from a config, with the defaults of its config class.
 */
@NullMarked
package dev.vramcast.core.architecture.family;

import org.jspecify.annotations.NullMarked;
