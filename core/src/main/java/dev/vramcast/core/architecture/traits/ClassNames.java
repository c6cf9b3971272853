package dev.vramcast.core.architecture.traits;

/**
 * What the classes of a model's code are called: words for people, which decide nothing.
 *
 * @param prefix with which they begin, e.g. {@code GPTNeoX}; empty where it is {@code model_type}
 *     in capitals, as {@code Qwen2Moe} is
 * @param layer the rest of the layer's class
 * @param mixture the rest of the class of a mixture of experts
 * @param remote the code is downloaded with the model ({@code trust_remote_code})
 */
public record ClassNames(String prefix, String layer, String mixture, boolean remote) {}
