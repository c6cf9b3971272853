package dev.vramcast.core.architecture.traits;

/**
 * Where logits become fp32: in the loss function, unless one of these holds.
 *
 * @param inOwnDtype logits go to cross-entropy as they are
 * @param upcastsInModel the model replaces its logits by an fp32 copy
 */
public record LossTraits(Versions inOwnDtype, Versions upcastsInModel) {}
