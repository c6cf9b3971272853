package dev.vramcast.core.range;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.input.Named;

/** Which parts of modeling code a model runs that others do not. */
public enum ModelKind implements Named {
  DENSE("dense", "dense"),
  MOE("moe", "MoE"),
  /** Layers with a state instead of attention. */
  RECURRENT("recurrent", "recurrent"),
  /** With a tower for images or sound. */
  MULTIMODAL("multimodal", "multimodal"),
  /** The code lies with the weights and not in a library ({@code trust_remote_code}). */
  REMOTE("remote-code", "code of the model's own");

  private final String label;
  private final String words;

  ModelKind(String label, String words) {
    this.label = label;
    this.words = words;
  }

  static ModelKind of(Architecture model) {
    if (model.traits().source().classes().remote()) {
      return REMOTE;
    }
    if (!model.towers().isEmpty() && !model.readsText()) {
      return MULTIMODAL;
    }
    if (model.hasLayer(layer -> layer.mlp() instanceof MixtureOfExperts)) {
      return MOE;
    }
    return model.hasLayer(layer -> layer.mixer() instanceof RecurrentMixer) ? RECURRENT : DENSE;
  }

  @Override
  public String label() {
    return label;
  }

  String words() {
    return words;
  }
}
