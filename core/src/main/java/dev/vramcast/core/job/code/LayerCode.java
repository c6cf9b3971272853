package dev.vramcast.core.job.code;

import java.util.List;

/**
 * What a framework does about the rest of a model whatever the model.
 *
 * @param torchNorm {@code nn.RMSNorm} in place of a norm written out in Python
 * @param tanhGelu PyTorch's kernel for GELU's tanh approximation in place of one written out
 * @param groupsExperts every mixture runs by grouped products
 * @param quantisesExperts experts that Transformers stacks in one parameter are a 4-bit linear each
 * @param quantisesExpertsOnRequest such experts can be asked to be 4-bit, each stack as a whole
 * @param checkpointsParts checkpoints are around norms, mixer and MLP, not around the layer
 * @param keepsEmbeddings the model names its input embeddings until it returns
 * @param wholeAdapters Megatron: under tensor parallelism every rank has the whole of the matrix
 *     that the frozen product does not divide, and each expert has adapters of its own; else both
 *     matrices are divided, and a rank's experts share theirs
 * @param checkpointsTrained a layer of which nothing is trained has no checkpoint
 * @param namesLinears PEFT gets the names of the linears that the model has in place of {@code
 *     all-linear}, so that experts in one parameter are reached by no name that only they had
 * @param namesByClass and these are modules of which the class is called a linear, which a router
 *     that inherits from one need not be
 * @param dropsBesideExperts adapters on experts in one parameter have no dropout where those of
 *     linears have one, which PEFT itself refuses
 * @param gathersRecurrent Megatron: under sequence parallelism the tokens of a recurrent mixer are
 *     gathered before its norm, and its result is cut afterwards; else inside its products
 * @param fakeQuantiser how quantisation-aware training rounds inputs and weights of linears
 * @param adaptedQuantiser how it does so where the linears have adapters
 * @param sparesCopies a linear with an adapter makes no copy of the base's result, and under
 *     autocast none of its input in the adapter's dtype, whatever PEFT's layer for it does
 * @param loadsDynamicCopies a model that is to be loaded in 4 bits is replaced by a checkpoint that
 *     the framework publishes beside it, some of whose modules are in 16 bits
 * @param wholeEmbedding under tensor parallelism every rank has all words of an embedding that is
 *     not the head's table
 * @param tiledMlp whose function runs an MLP on pieces of the tokens
 * @param keptModules modules that it leaves in 16 bits where bitsandbytes quantises a model with
 *     encoders as it loads it, by their names
 */
public record LayerCode(
    boolean torchNorm,
    boolean tanhGelu,
    boolean groupsExperts,
    boolean quantisesExperts,
    boolean quantisesExpertsOnRequest,
    boolean checkpointsParts,
    boolean keepsEmbeddings,
    boolean wholeAdapters,
    boolean checkpointsTrained,
    boolean namesLinears,
    boolean namesByClass,
    boolean dropsBesideExperts,
    boolean gathersRecurrent,
    FakeQuantiser fakeQuantiser,
    FakeQuantiser adaptedQuantiser,
    boolean sparesCopies,
    boolean loadsDynamicCopies,
    boolean wholeEmbedding,
    TiledMlp tiledMlp,
    List<String> keptModules) {

  public LayerCode {
    keptModules = List.copyOf(keptModules);
  }

  /** That of linears with adapters, or without. */
  public FakeQuantiser fakeQuantiser(boolean adapted) {
    return adapted ? adaptedQuantiser : fakeQuantiser;
  }

  /** The code of torchao that rounds a tensor to a few values and leaves it in its dtype. */
  public enum FakeQuantiser {
    /** None, or none that is described. */
    NONE,
    /**
     * An autograd function that keeps a mask of what was not clipped (0.11 and 0.12, qat/utils.py
     * _GenericFakeQuantize). That of 0.10 keeps scales with the graph of the pass that made them,
     * and is not described.
     */
    MASKED,
    /**
     * Operations of which autograd keeps the values before they are clipped (since 0.13,
     * qat/utils.py _fake_quantize_per_token, quant_primitives.py _fake_quantize_affine).
     */
    TRACED
  }

  /** What a tiled MLP does with the gradients of its weights, of which each piece makes some. */
  public enum TiledMlp {
    /** There is none, or none that is described. */
    NONE,
    /** Each is added to the one before as it comes (DeepSpeed's, Liger's). */
    ADDED,
    /**
     * They are summed beside, in new tensors of the weights' dtype, and those of a piece live until
     * its backward pass is over (axolotl/monkeypatch/tiled_mlp/base.py TiledMLP, since 0.17).
     */
    SUMMED;

    /** Whether the framework has it as a setting: others have a function to be put in by hand. */
    public boolean isSetting() {
      return this == SUMMED;
    }
  }
}
