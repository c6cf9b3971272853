package dev.vramcast.core.job.option.layer;

import dev.vramcast.core.input.Named;

/** In which order a pipeline's rank runs micro-batches forward and backward. */
public enum PipelineSchedule implements Named {
  ONE_FORWARD_ONE_BACKWARD("1f1b"),
  /** The same with several stages of the pipeline on every rank. */
  INTERLEAVED("interleaved-1f1b"),
  /** All micro-batches forward, then all backward. */
  GPIPE("gpipe"),
  /** The same with several stages of the pipeline on every rank. */
  LOOPED_BFS("looped-bfs");

  private final String label;

  PipelineSchedule(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether a rank has several stages. */
  public boolean isLooped() {
    return this == INTERLEAVED || this == LOOPED_BFS;
  }

  /** Whether no micro-batch runs backward before all have run forward. */
  public boolean runsAllForward() {
    return this == GPIPE || this == LOOPED_BFS;
  }
}
