package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** What stands between a vision tower and the language model, one record a kind. */
interface ProjectorPart {

  /** Tokens of all images; takes over the patches. */
  Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch);
}
