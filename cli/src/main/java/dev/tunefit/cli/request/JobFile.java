package dev.tunefit.cli.request;

import dev.tunefit.catalog.model.ModelCatalog;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.formats.jobdocument.JobDocumentReader;
import java.nio.file.Files;
import java.nio.file.Path;

/** The job document on the command line. */
public final class JobFile {

  private JobFile() {}

  /** Reads it; a model's name in its place is told apart from a file that is missing. */
  public static JobDocument read(Path file) {
    String text = file.toString();
    if (!Files.exists(file) && ModelCatalog.embedded().find(text).isPresent()) {
      throw new InputException(
          text + ": no such file. Did you mean '" + JobKey.MODEL_ID.flag() + " " + text + "'?");
    }
    return new JobDocumentReader().read(file);
  }
}
