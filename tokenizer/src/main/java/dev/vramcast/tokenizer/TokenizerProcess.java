package dev.vramcast.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Counts tokens in a process of its own: the native library aborts its process where it meets what
 * it does not expect, and that must be no other. It reads texts from standard input, each behind
 * its length in bytes, and writes a number for each to standard output; it ends with its input.
 * Before the first number it writes whether it is ready, else what is wrong.
 */
final class TokenizerProcess {

  /** It waits for texts. */
  static final int READY = 0;

  /** The library does not load on this machine; a text that says why follows. */
  static final int NO_LIBRARY = 1;

  /** The file is no tokenizer; a text that says why follows. */
  static final int NO_TOKENIZER = 2;

  /** In place of a number: the text has none; nothing follows. */
  static final long FAILED = -1;

  private static final int LONGEST_REASON = 1_000;

  private TokenizerProcess() {}

  /** Counts with the tokenizer in the file that is named. */
  public static void main(String[] arguments) throws IOException {
    // DJL reports its use, looks for CUDA to download another library for, and asks the network for
    // what it does not find: none of it is wanted for counting tokens.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    // Nothing else may stand between the numbers.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try (DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in))) {
      serve(Path.of(arguments[0]), in, out);
    } catch (EOFException e) {
      // Whoever asked has ended.
    }
  }

  private static void serve(Path file, DataInputStream in, DataOutputStream out)
      throws IOException {
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      refuse(NO_LIBRARY, e, out);
      return;
    }
    try (HuggingFaceTokenizer tokenizer = tokenizer(file)) {
      out.writeByte(READY);
      while (true) {
        byte[] bytes = in.readNBytes(in.readInt());
        out.writeLong(count(tokenizer, new String(bytes, StandardCharsets.UTF_8)));
      }
    } catch (EOFException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      refuse(NO_TOKENIZER, e, out);
    }
  }

  private static HuggingFaceTokenizer tokenizer(Path file) throws IOException {
    return HuggingFaceTokenizer.builder()
        .optTokenizerPath(file)
        .optTruncation(false)
        .optPadding(false)
        .build();
  }

  private static long count(HuggingFaceTokenizer tokenizer, String text) {
    try {
      return tokenizer.encode(text, false, false).getIds().length;
    } catch (RuntimeException e) {
      return FAILED;
    }
  }

  /** Says what was wrong in the first place. */
  private static void refuse(int what, Throwable failure, DataOutputStream out) throws IOException {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage());
    out.writeByte(what);
    out.writeUTF(reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
  }
}
