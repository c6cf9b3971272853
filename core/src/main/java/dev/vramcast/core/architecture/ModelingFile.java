package dev.vramcast.core.architecture;

/**
 * The file with a model's own classes, and what they are called.
 *
 * @param path e.g. {@code transformers/models/llama/modeling_llama.py}
 * @param prefix with which the names of the classes begin, e.g. {@code Llama}
 * @param layer the rest of the layer's class, e.g. {@code DecoderLayer}
 * @param mixture the rest of the class of a mixture of experts, e.g. {@code SparseMoeBlock}
 */
public record ModelingFile(String path, String prefix, String layer, String mixture) {}
