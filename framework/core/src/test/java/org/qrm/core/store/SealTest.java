package org.qrm.core.store;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SealTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void manyFirstSecretsAtOnceShareOneKey() {
        for (int round = 0; round < 20; round++) {
            Path key = folder.getRoot().toPath().resolve(round + "/database-key");
            List<CompletableFuture<String>> sealed = IntStream.range(0, 8)
                    .mapToObj(each -> CompletableFuture.supplyAsync(() -> new Seal(key).seal("here", "secret " + each)))
                    .toList();
            for (int each = 0; each < 8; each++) {
                assertEquals(
                        "secret " + each,
                        new Seal(key).open("here", sealed.get(each).join()));
            }
        }
    }
}
