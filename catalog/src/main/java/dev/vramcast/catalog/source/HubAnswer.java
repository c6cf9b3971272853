package dev.vramcast.catalog.source;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import java.net.http.HttpHeaders;

/** Says what a refusal of the Hub means for the user. */
record HubAnswer(HubId id, String revision, Environment environment) {

  /** How the size of a model alone is given. */
  static final Subject SIZE = new Subject.Flag("--params");

  InputException refusal(int status, HttpHeaders headers) {
    return InputError.of(
            "model ",
            Shown.given(id.value()),
            ": ",
            meaning(status, headers),
            " (HTTP ",
            status,
            " from ",
            environment.endpoint().getHost(),
            ")")
        .kind(ErrorKind.UNAVAILABLE)
        .concerning(JobKey.MODEL_ID)
        .given(id.value())
        .hint("give a path to its config.json, or its size with ", SIZE)
        .refusal();
  }

  private String meaning(int status, HttpHeaders headers) {
    boolean sent = environment.token().isPresent();
    if (status == 401) {
      return sent
          ? "no such model, or the token in HF_TOKEN is not valid"
          : "no such model, or a private or gated one for which HF_TOKEN has to be set";
    }
    if (status == 403) {
      return sent
          ? "the owner of HF_TOKEN has not been given access; ask for it on the model's page"
          : "a gated model, for which HF_TOKEN has to be set";
    }
    if (status == 404) {
      return "no config.json in revision '" + revision + "', or no such model or revision";
    }
    if (status == 429) {
      String wait =
          headers
              .firstValue("Retry-After")
              .filter(value -> value.matches("\\d{1,6}"))
              .map(value -> "; it asks to wait " + value + " s")
              .orElse("");
      return "the Hub has had too many requests" + wait;
    }
    if (status >= 500) {
      return "the Hub has a fault at the moment; try again later";
    }
    return "the Hub gave an unexpected answer";
  }
}
