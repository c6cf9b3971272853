package dev.vramcast.core.job.code;

/**
 * What a framework's loop does about a model before and after a pass.
 *
 * @param outputs how long it holds them
 * @param keepsCache models return keys and values of all layers, also of those that run again
 * @param differentiableInputs checkpointing makes the embedding's output require a gradient; else
 *     PEFT does where there are adapters
 * @param autocastsUnderFsdp autocast is entered beside FSDP2's mixed precision
 * @param widensTrained the model's own parameters that {@code freeze} trains are made fp32 under
 *     autocast
 * @param narrowsPrepared embedding and head that k-bit preparation made fp32 are brought back to
 *     bf16
 */
public record LoopCode(
    KeptOutputs outputs,
    boolean keepsCache,
    boolean differentiableInputs,
    boolean autocastsUnderFsdp,
    boolean widensTrained,
    boolean narrowsPrepared) {}
