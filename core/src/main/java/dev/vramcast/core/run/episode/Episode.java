package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.option.OffloadTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A part of a job's life with a peak of its own. */
public sealed interface Episode {

  /** What it is called in answers. */
  String label();

  /** The passes of one round of it, in the order in which their forward passes run. */
  List<Pass> passes();

  /** Whether it comes again with every batch; else it is over before training begins. */
  boolean repeats();

  /** Whether the optimizer's states are on the GPU meanwhile, once a step has made them. */
  default boolean holdsStates() {
    return repeats();
  }

  /** Hands itself over to whoever does something else for every kind. */
  void accept(Visitor visitor);

  /** Something that is done for every kind of episode. */
  interface Visitor {

    void load(Load load);

    void generation(Generation generation);

    void scoring(Scoring scoring);

    void evaluation(Evaluation evaluation);

    void step(Step step);

    void valueStep(ValueStep step);
  }

  /** Models come into memory, with what laying out and converting their weights takes. */
  record Load(List<ResidentModel> models) implements Episode {

    public Load {
      models = List.copyOf(models);
    }

    @Override
    public String label() {
      return "load";
    }

    @Override
    public List<Pass> passes() {
      return List.of();
    }

    @Override
    public boolean repeats() {
      return false;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.load(this);
    }
  }

  /**
   * Completions are generated for a whole batch of prompts.
   *
   * @param prompts the pass over the prompts, which makes the first of their keys and values; none
   *     where an engine beside the policy generates
   * @param sequences completions that one rank has at once
   * @param length tokens of a prompt with its longest completion
   * @param away what of the training has left the GPU for it
   */
  record Generation(List<Pass> prompts, int sequences, int length, Set<OffloadTarget> away)
      implements Episode {

    public Generation {
      prompts = List.copyOf(prompts);
      away = Set.copyOf(away);
    }

    @Override
    public boolean holdsStates() {
      return !away.contains(OffloadTarget.OPTIMIZER);
    }

    @Override
    public String label() {
      return "generation";
    }

    @Override
    public List<Pass> passes() {
      return prompts;
    }

    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.generation(this);
    }
  }

  /**
   * Passes without a graph whose results are kept for later steps: log-probabilities of completions
   * before they are trained on, or of a reference before training.
   *
   * @param rounds how often the passes run, each time over other sequences
   * @param repeats whether they come again with every generated batch
   * @param holdsStates whether the optimizer's states are on the GPU
   */
  record Scoring(List<Pass> passes, int rounds, boolean repeats, boolean holdsStates)
      implements Episode {

    /** Where the optimizer's states stay on the GPU. */
    public Scoring(List<Pass> passes, int rounds, boolean repeats) {
      this(passes, rounds, repeats, repeats);
    }

    public Scoring {
      passes = List.copyOf(passes);
      if (passes.isEmpty() || passes.stream().anyMatch(Pass::graph)) {
        throw new IllegalArgumentException("scoring runs passes without a graph");
      }
    }

    @Override
    public String label() {
      return repeats ? "scoring" : "precomputation";
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.scoring(this);
    }
  }

  /**
   * A batch of an evaluation, the last before what is gathered of all of them goes to the host.
   *
   * @param passes to its loss; none where it generates alone
   * @param gathered batches whose logits are on the GPU then, with its own; 0 where none are kept
   * @param generated what is generated before these passes
   */
  record Evaluation(List<Pass> passes, int gathered, Optional<Search> generated)
      implements Episode {

    /**
     * Tokens that are generated behind sequences.
     *
     * @param prompts the pass over all that is given, of as many sequences as are searched at once
     * @param rows sequences that go on behind it, one for each beam
     * @param length tokens of a sequence with those that are generated
     * @param beams of each sequence
     * @param choice of the next token
     */
    public record Search(Pass prompts, long rows, long length, int beams, Choice choice) {}

    /** How a next token is chosen. */
    public enum Choice {
      /** The likeliest, or of beams the likeliest continuations. */
      LIKELIEST,
      /** Drawn from the probabilities of the likeliest. */
      DRAWN,
      /** Drawn from the probabilities of all. */
      DRAWN_FROM_ALL
    }

    /** One that generates nothing. */
    public Evaluation(List<Pass> passes, int gathered) {
      this(passes, gathered, Optional.empty());
    }

    public Evaluation {
      passes = List.copyOf(passes);
      boolean runs = !passes.isEmpty() || generated.isPresent();
      if (!runs || passes.stream().anyMatch(Pass::graph)) {
        throw new IllegalArgumentException("an evaluation runs passes without a graph");
      }
    }

    @Override
    public String label() {
      return "evaluation";
    }

    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.evaluation(this);
    }
  }

  /**
   * One micro-batch of a training step, the last of it, and the update: all forward passes, the
   * backward passes of those with a graph, last first, and the optimizer's step.
   *
   * @param rounds how often the passes run for a micro-batch, each time over other sequences: those
   *     without a graph over all of them first, the others behind the loss
   */
  record Step(List<Pass> passes, int rounds) implements Episode {

    /** Passes that run once. */
    public Step(List<Pass> passes) {
      this(passes, 1);
    }

    public Step {
      passes = List.copyOf(passes);
      if (passes.stream().noneMatch(Pass::graph)) {
        throw new IllegalArgumentException("a step without a graph trains nothing");
      }
    }

    @Override
    public String label() {
      return "step";
    }

    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.step(this);
    }

    /** The pass whose gradients the update takes. */
    public Pass trained() {
      return passes.stream().filter(Pass::graph).findFirst().orElseThrow();
    }

    /** Passes with a graph through the model that the first of them trains. */
    private List<Pass> ofTrained() {
      return passes.stream()
          .filter(pass -> pass.graph() && pass.model() == trained().model())
          .toList();
    }

    /** What the trained model is trained on in a micro-batch, in sequences of their mean length. */
    public PassBatch batch() {
      int sequences = 0;
      long tokens = 0;
      for (Pass pass : ofTrained()) {
        sequences += Math.multiplyExact(pass.batch().sequences(), rounds);
        tokens += pass.batch().tokens() * rounds;
      }
      return new PassBatch(sequences, Math.toIntExact(Math.max(1, tokens / sequences)));
    }

    /** All passes but those whose batches are in {@link #batch()}. */
    public List<Pass> others() {
      List<Pass> others = new ArrayList<>(passes);
      others.removeAll(ofTrained());
      return others;
    }
  }

  /**
   * One micro-batch of the value model's training, and its update: a step of its own, behind that
   * of the policy.
   */
  record ValueStep(List<Pass> passes) implements Episode {

    public ValueStep {
      passes = List.copyOf(passes);
      if (passes.stream().noneMatch(Pass::graph)) {
        throw new IllegalArgumentException("a step without a graph trains nothing");
      }
    }

    @Override
    public String label() {
      return "value step";
    }

    @Override
    public boolean repeats() {
      return true;
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.valueStep(this);
    }
  }
}
