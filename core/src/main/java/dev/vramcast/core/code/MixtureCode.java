package dev.vramcast.core.code;

import dev.vramcast.core.architecture.traits.ExpertCode;
import dev.vramcast.core.architecture.traits.ExpertTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;

/** How a model's code chooses experts and runs them, in one version of Transformers. */
public record MixtureCode(ExpertTraits traits, Version version) {

  private boolean holds(Versions versions) {
    return versions.contains(version);
  }

  /** The router is a parameter of a module of its own, not an {@code nn.Linear}. */
  public boolean bareRouter() {
    return holds(traits.router().bare());
  }

  /** The router computes in fp32 with a weight made fp32. */
  public boolean fp32Router() {
    return traits.router().fp32();
  }

  /** The router's weight is loaded in fp32, whatever the others are loaded in. */
  public boolean keepsRouterInFp32() {
    return holds(traits.router().keptInFp32());
  }

  /** The outputs of looped experts are summed in the dtype of their weights. */
  public boolean sumsInRoutingDtype() {
    return traits.sumsInRoutingDtype();
  }

  /** What experts gave together is multiplied by a constant. */
  public boolean scalesExperts() {
    return traits.scaled();
  }

  public boolean routerLeavesAutocast() {
    return traits.router().leavesAutocast();
  }

  /** Scores become fp32 before the sigmoid. */
  public boolean fp32Sigmoid() {
    return traits.router().fp32Sigmoid();
  }

  /** Every expert runs on every token. */
  boolean runsAllExperts() {
    return traits.code() == ExpertCode.ALL;
  }

  /** Tokens are repeated for each of their experts, whose outputs stand beside each other. */
  public boolean repeatsTokens() {
    return traits.code() == ExpertCode.REPEATED;
  }

  /** A parameter of all experts is divided once. */
  public boolean chunksExperts() {
    return holds(traits.chunked());
  }

  /** The parameter of all experts is flat, and each expert is taken out of a view of it. */
  public boolean viewsExperts() {
    return !traits.chunked().equals(Versions.NONE) && !chunksExperts();
  }

  /** The router's weights are in the dtype of its scores. */
  public boolean castsWeightsToScores() {
    return holds(traits.router().weightsOfScores());
  }

  /** The router has its softmax in the dtype of the scores. */
  public boolean ownRoutingSoftmax() {
    return holds(traits.router().ownSoftmax());
  }

  /** Experts are split and multiplied one by one. */
  public boolean splitsExperts() {
    return holds(traits.split());
  }

  /** Experts are one stacked parameter each for gate-up and down, run by a grouped product. */
  public boolean fusedExperts() {
    return holds(traits.stacked());
  }

  /** The MLP that every token visits runs before router and experts. */
  public boolean runsSharedFirst() {
    return holds(traits.sharedFirst());
  }

  /** integrations/moe.py masks the rows of experts elsewhere, since 5.18 only where there are. */
  public boolean masksExpertRows() {
    return !gathersTwice() && !version.atLeast(5, 18);
  }

  /** integrations/moe.py gathered the experts' inputs by token, then again by expert. */
  public boolean gathersTwice() {
    return !version.atLeast(5, 2);
  }

  /** integrations/moe.py, _grouped_linear: {@code out.add_(bias)}, before {@code out + bias}. */
  public boolean addsExpertBiasesInPlace() {
    return version.atLeast(5, 8);
  }

  /** The router returns its weights in fp32. */
  public boolean keepsRoutingWeightsWide() {
    return holds(traits.router().fp32Weights());
  }

  /** A stack is stored as a grouped product takes it. */
  public boolean storesInputsFirst() {
    return traits.inputsFirst();
  }

  /** The router divides its weights by their norm, and returns what that makes of them. */
  public boolean dividesByNorm() {
    return holds(traits.router().dividesByNorm());
  }

  /** Experts are made before the router. */
  public boolean routerBehindExperts() {
    return holds(traits.router().behindExperts());
  }

  /** The router returns its weights as the softmax makes them. */
  public boolean keepsWeightsOfSoftmax() {
    return holds(traits.router().weightsOfSoftmax());
  }
}
