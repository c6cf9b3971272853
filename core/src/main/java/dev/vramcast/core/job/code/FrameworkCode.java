package dev.vramcast.core.job.code;

import java.util.List;

/**
 * What a framework's code does at a version, beside the defaults of its settings: decided once,
 * where its rules stand, so that nothing that writes a step has to know who runs it.
 *
 * @param models whose modeling code runs
 * @param stages what its trainers do that are not supervised
 * @param facts those that the framework's rules state, each with its place
 */
public record FrameworkCode(
    Models models,
    StageCode stages,
    AttentionCode attention,
    LayerCode layers,
    LossCode loss,
    LoopCode loop,
    LoopCode.Evaluation evaluation,
    SaveCode saving,
    SpreadCode spread,
    KernelCode kernels,
    List<CodeFact> facts) {

  public FrameworkCode {
    facts = List.copyOf(facts);
  }

  public boolean hasOwnModels() {
    return models == Models.OWN;
  }

  /** The same code in a loop that holds a model's outputs until it gets new ones. */
  public FrameworkCode keepingOutputs() {
    LoopCode holding =
        new LoopCode(
            KeptOutputs.INTO_NEXT_STEP,
            loop.keepsCache(),
            loop.forbidsCache(),
            loop.differentiableInputs(),
            loop.autocastsUnderFsdp(),
            loop.autocastsUnderFsdp2(),
            loop.widensTrained(),
            loop.narrowsPrepared(),
            loop.fetchesStep(),
            loop.trainsPairs());
    return new FrameworkCode(
        models,
        stages,
        attention,
        layers,
        loss,
        holding,
        evaluation,
        saving,
        spread,
        kernels,
        facts);
  }

  /** The same code with the trainer of a job's losses. */
  public FrameworkCode ofLosses(List<String> types) {
    return new FrameworkCode(
        models,
        stages.ofLosses(types),
        attention,
        layers,
        loss,
        loop,
        evaluation,
        saving,
        spread,
        kernels,
        facts);
  }

  /** Whose modeling code a framework trains. */
  public enum Models {
    /** That of the transformers library. */
    TRANSFORMERS,
    /** Its own. */
    OWN
  }
}
