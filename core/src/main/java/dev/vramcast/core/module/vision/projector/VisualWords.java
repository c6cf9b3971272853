package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.Category;

/**
 * Probabilities of words times the rows of a table.
 *
 * @param marks words at the table's end that no patch is likely to be
 * @param width features of a row
 */
record VisualWords(Parameter table, int marks, long width) implements ProjectorPart {

  static VisualWords load(ModuleFactory modules, Projector.Looked looked) {
    long rows = looked.table().shape().get(0);
    Parameter table = modules.layerParameter("visual words", looked.table().count(), rows);
    return new VisualWords(table, looked.marks(), looked.width());
  }

  /** transformers Ovis2Model.get_image_features, whose outputs hold probabilities until then. */
  @Override
  public Tensor forward(Graph g, Tensor words, ProjectorModule.Batch batch) {
    try (Scope names = Scope.of(g)) {
      names.own(words);
      long tokens = batch.tokens();
      Tensor silent = names.own(Pointwise.detached(g, tokens * marks, words.dtype(), "marks"));
      Tensor all = names.own(ShapeOps.concatenate(g, "visual words", words, silent));
      Tensor left = names.own(Pointwise.lowered(g, all));
      Tensor right = names.own(Pointwise.lowered(g, table.value()));
      Category kind = Category.ACTIVATIONS;
      Tensor made = Matrix.matmul(g, left, right, tokens, width, "tokens of images", kind);
      // Words that mark tiles are looked up in it, which gives it a gradient of its whole size.
      return ShapeOps.attach(g, made, table.value());
    }
  }
}
