package dev.tunefit.core.memory.step;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.Embeddings;
import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Matrix;
import dev.tunefit.core.memory.autograd.Parameter;
import dev.tunefit.core.memory.autograd.Pointwise;
import dev.tunefit.core.memory.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before the first layer.
 *
 * @param added tables whose rows are added to the token's (positions, token types)
 * @param norm null when there is none
 */
record EmbeddingModule(
    Embeddings embeddings,
    StepSettings settings,
    Parameter token,
    List<Parameter> added,
    Norms norm) {

  static EmbeddingModule load(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    Embeddings embeddings = architecture.embeddings();
    Parameter token = modules.embedding(embeddings.token(), architecture.head().tied() ? 2 : 1);
    List<Parameter> added = new ArrayList<>();
    embeddings.position().ifPresent(e -> added.add(modules.embedding(e, 1)));
    embeddings.tokenType().ifPresent(e -> added.add(modules.embedding(e, 1)));
    Norms norm = embeddings.norm().map(modules::finalNorm).orElse(null);
    return new EmbeddingModule(embeddings, settings, token, added, norm);
  }

  /**
   * The hidden states of the first layer.
   *
   * @param leaf takes the gradient of the token embedding's output where that is made to require
   *     one; null where it is not
   */
  Tensor forward(Graph g, Tensor ids, InputLeaf leaf) {
    long width = embeddings.token().width();
    Tensor hidden = Matrix.embedding(g, token.value(), ids, settings.tokens(), width);
    if (leaf != null) {
      hidden = leaf.take(g, hidden, isFirstLayersInput());
    }
    for (Parameter table : added) {
      Tensor rows = Matrix.embedding(g, table.value(), ids, settings.sequence(), width);
      Tensor sum = Pointwise.add(g, hidden, rows, "hidden states");
      g.release(hidden, rows);
      hidden = sum;
    }
    if (embeddings.scaled()) {
      Tensor scaled = Pointwise.scale(g, hidden, "hidden states");
      g.release(hidden);
      hidden = scaled;
    }
    if (norm != null) {
      Tensor normalised = norm.forward(g, hidden);
      g.release(hidden);
      hidden = normalised;
    }
    Tensor dropped = Pointwise.dropout(g, hidden, embeddings.dropout(), "hidden states");
    g.release(hidden);
    return dropped;
  }

  private boolean isFirstLayersInput() {
    return added.isEmpty() && !embeddings.scaled() && norm == null && embeddings.dropout() == 0;
  }
}
