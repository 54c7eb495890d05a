package org.qrm.byhand.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FolderPassTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void waitsUntilItsFileIsFound() throws Exception {
        FolderPass pass = new FolderPass(folder.getRoot().toPath(), Duration.ofMinutes(1));
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> await(pass));
        File looked = found(waiting);
        assertFalse(waiting.isDone());
        assertTrue(pass.canHandle(looked));
        pass.install(looked);
        waiting.get();
        assertArrayEquals(new String[0], folder.getRoot().list());
    }

    @Test
    public void leavesNothingBehindWhenNobodyLooks() throws Exception {
        new FolderPass(folder.getRoot().toPath(), Duration.ofMillis(1)).await();
        assertArrayEquals(new String[0], folder.getRoot().list());
    }

    @Test
    public void removesWhatAKilledServerLeftAndTouchesNothingElse() throws Exception {
        FolderPass pass = new FolderPass(folder.getRoot().toPath(), Duration.ofMinutes(1));
        Path left = Files.createFile(folder.getRoot().toPath().resolve(".qrm-pass-1"));
        pass.install(left.toFile());
        assertFalse(Files.exists(left));
        assertFalse(pass.canHandle(new File(folder.getRoot(), "way.jar")));
    }

    private File found(CompletableFuture<Void> waiting) throws InterruptedException {
        while (folder.getRoot().list().length == 0 && !waiting.isDone()) {
            Thread.sleep(10);
        }
        return folder.getRoot().listFiles()[0];
    }

    private static void await(FolderPass pass) {
        try {
            pass.await();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
