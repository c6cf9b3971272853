package dev.vramcast.core.module;

import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.SharedInputsFactory;
import dev.vramcast.core.module.vision.TowerEmbedding;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the first layer of an encoder of text, whose tokens are looked up in the table
 * of the whole model (transformers T5Stack, BartEncoder).
 */
record TextModule(PatchEmbedding embedding, EmbeddingModule tokens) implements TowerEmbedding {

  /**
   * Puts what is the encoder's own onto the trace.
   *
   * @param model embeddings of the decoder
   */
  static TextModule load(
      ModuleFactory modules, StepSettings settings, VisionStack stack, EmbeddingModule model) {
    return new TextModule(
        stack.patches(),
        EmbeddingModule.besides(modules, stack.text().orElseThrow(), settings, model));
  }

  /**
   * Dtype of the mask of an encoder's tokens, which whoever looks at them has too; null where there
   * is none: since 5.0 wherever no token is padding (transformers/masking_utils.py
   * create_bidirectional_mask). FlashAttention has none of pairs.
   */
  static @Nullable DataType mask(StepSettings settings, DataType hidden) {
    boolean padded = settings.job().batch().padding() == Padding.PADDED;
    boolean since5 = settings.code().version().atLeast(5, 0);
    DataType additive = SharedInputsFactory.additive(settings, hidden);
    return switch (settings.attention()) {
      case EAGER -> padded || !since5 ? additive : null;
      case SDPA -> padded ? since5 ? DataType.BOOL : additive : null;
      case FLASH, FLEX -> null;
    };
  }

  @Override
  public boolean takesLeaf() {
    return !tokens.trains();
  }

  @Override
  public DataType dtype() {
    return tokens.token().dtype();
  }

  @Override
  public Tensor forward(Graph g, Tensor ids, @Nullable InputLeaf leaf) {
    return tokens.forward(g, ids, leaf);
  }
}
