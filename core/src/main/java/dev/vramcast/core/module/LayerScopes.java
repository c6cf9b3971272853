package dev.vramcast.core.module;

import dev.vramcast.core.trace.ModuleScope;

/**
 * The modules of a layer.
 *
 * @param mixer the layer itself where its projections are its own
 * @param mlp as {@code mixer}
 */
record LayerScopes(ModuleScope layer, ModuleScope mixer, ModuleScope mlp) {}
