package dev.vramcast.core.code;

import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import java.util.Optional;

/**
 * What runs at the moment: modules are loaded once, passes run them over batches of their own, and
 * with adapters or without.
 */
public sealed interface RunningPass {

  /** Sequences, or images. */
  long sequences();

  /** Tokens of a sequence on one rank, or patches of an image. */
  long length();

  /** Whether adapters take part, where there are any. */
  boolean adapters();

  /** Whether the model returns the hidden states of all layers. */
  boolean returnsStates();

  /** Attention that a trainer chooses for the pass; empty where that is as the job says. */
  Optional<Pass.Attending> attending();

  /** Whether it is of the first micro-batch of a run, where that is unlike the others. */
  boolean opens();

  /** From now on. */
  void opens(boolean first);

  /** From now on modules run this one. */
  void set(Pass pass);

  /** The language model's. */
  final class OverTokens implements RunningPass {

    private final int contextRanks;
    private PassBatch batch;
    private boolean adapters = true;
    private boolean states;
    private boolean opens;
    private Optional<Pass.Attending> attending = Optional.empty();

    /**
     * Nothing runs but what {@code first} says.
     *
     * @param contextRanks among which a sequence is divided
     */
    OverTokens(PassBatch first, int contextRanks) {
      this.batch = first;
      this.contextRanks = contextRanks;
    }

    @Override
    public void set(Pass pass) {
      batch = pass.batch();
      adapters = pass.adapters();
      states = pass.returnsStates();
      attending = pass.attending();
    }

    @Override
    public Optional<Pass.Attending> attending() {
      return attending;
    }

    @Override
    public boolean opens() {
      return opens;
    }

    @Override
    public void opens(boolean first) {
      opens = first;
    }

    @Override
    public boolean returnsStates() {
      return states;
    }

    @Override
    public long sequences() {
      return batch.sequences();
    }

    @Override
    public long length() {
      return Math.max(1, batch.length() / contextRanks);
    }

    @Override
    public boolean adapters() {
      return adapters;
    }
  }

  /**
   * The vision tower's, in the same forward pass.
   *
   * @param images of a sequence, in tiles
   * @param patches of each
   * @param together all of them stand in one sequence
   */
  record OverPatches(RunningPass model, int images, int patches, boolean together)
      implements RunningPass {

    @Override
    public long sequences() {
      return together ? 1 : all();
    }

    @Override
    public long length() {
      return together ? all() * patches : patches;
    }

    private long all() {
      return model.sequences() * images;
    }

    @Override
    public boolean adapters() {
      return model.adapters();
    }

    @Override
    public Optional<Pass.Attending> attending() {
      return Optional.empty();
    }

    @Override
    public boolean opens() {
      return model.opens();
    }

    @Override
    public void opens(boolean first) {
      model.opens(first);
    }

    @Override
    public boolean returnsStates() {
      return model.returnsStates();
    }

    @Override
    public void set(Pass pass) {
      model.set(pass);
    }
  }
}
