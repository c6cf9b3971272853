package dev.vramcast.core.job.code;

/**
 * What a framework does about the rest of a model whatever the model.
 *
 * @param torchNorm {@code nn.RMSNorm} in place of a norm written out in Python
 * @param tanhGelu PyTorch's kernel for GELU's tanh approximation in place of one written out
 * @param groupsExperts every mixture runs by grouped products
 * @param quantisesExperts experts that Transformers stacks in one parameter are a 4-bit linear each
 * @param checkpointsParts checkpoints are around norms, mixer and MLP, not around the layer
 * @param keepsEmbeddings the model names its input embeddings until it returns
 * @param wholeAdapters Megatron: under tensor parallelism every rank has the whole of the matrix
 *     that the frozen product does not divide, and each expert has adapters of its own; else both
 *     matrices are divided, and a rank's experts share theirs
 */
public record LayerCode(
    boolean torchNorm,
    boolean tanhGelu,
    boolean groupsExperts,
    boolean quantisesExperts,
    boolean checkpointsParts,
    boolean keepsEmbeddings,
    boolean wholeAdapters) {}
