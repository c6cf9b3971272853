package dev.vramcast.answers.request;

import dev.vramcast.answers.memory.DataLengths;
import dev.vramcast.core.data.CharactersPerToken;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.dataset.DatasetReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a job says about its data.
 *
 * @param files where paths in the document lead
 */
public record DataRequest(JobDocument document, DocumentPaths files) {

  /** The lengths of the examples; empty when nothing is said about them. */
  public Optional<DataLengths> lengths() {
    needsFile(JobKey.TOKENIZER);
    needsFile(JobKey.CHARACTERS_PER_TOKEN);
    notBoth(JobKey.LENGTHS, JobKey.DATA_FILE);
    notBoth(JobKey.TOKENIZER, JobKey.CHARACTERS_PER_TOKEN);
    if (holds(JobKey.LENGTHS, JobKey.DATA_FILE)) {
      return document.value(JobKey.LENGTHS, LengthDistribution.class).map(DataLengths.Given::new);
    }
    return files.path(JobKey.DATA_FILE).map(this::measured);
  }

  private DataLengths measured(Path file) {
    boolean byDefault =
        !document.has(JobKey.TOKENIZER) && !document.has(JobKey.CHARACTERS_PER_TOKEN);
    try (TokenCounter counter = counter()) {
      return new DataLengths.Measured(new DatasetReader().read(file, counter), byDefault);
    }
  }

  private TokenCounter counter() {
    return files
        .path(JobKey.TOKENIZER)
        .filter(file -> holds(JobKey.TOKENIZER, JobKey.CHARACTERS_PER_TOKEN))
        .map(Tokenizers::load)
        .orElseGet(
            () ->
                new CharactersPerToken(
                    document
                        .value(JobKey.CHARACTERS_PER_TOKEN, Double.class)
                        .orElse(CharactersPerToken.USUAL)));
  }

  private void needsFile(JobKey key) {
    if (document.has(key) && !document.has(JobKey.DATA_FILE)) {
      throw InputError.about(key)
          .kind(ErrorKind.MISSING)
          .at(document.place(key))
          .and(" needs ", JobKey.DATA_FILE, ", the file whose tokens are counted")
          .refusal();
    }
  }

  private void notBoth(JobKey one, JobKey other) {
    if (holds(one, other) && holds(other, one)) {
      throw InputError.about(one)
          .at(document.place(one))
          .and(" and ", other, " cannot both say how long examples are, leave one out")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** Whether a key is set and not overruled: a flag wins over the other key in a file. */
  private boolean holds(JobKey key, JobKey other) {
    return document.has(key) && (document.isBehindFlag(key) || !document.isBehindFlag(other));
  }
}
