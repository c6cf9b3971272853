/** Families of mixtures of experts that follow Qwen3-MoE and DeepSeek V3. */
@NullMarked
package dev.vramcast.core.architecture.family.sparse;

import org.jspecify.annotations.NullMarked;
