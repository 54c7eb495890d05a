package org.qrm.core.environment;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.core.CoreFixture;
import org.qrm.core.environment.HealingRow.Stage;
import org.qrm.core.environment.HealingRows.StormRow;
import org.qrm.core.store.DatabaseKind;

/** What is kept of healing, on each database. */
@RunWith(Parameterized.class)
public class HealingRowsTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void aStormComesAndGoes() {
        for (int each = 0; each < 2; each++) {
            set(new StormRow(1L, 7));
            assertTrue(core.database.read(HealingRows::storm).is());
            set(new StormRow(null, 8));
            assertFalse(core.database.read(HealingRows::storm).is());
        }
    }

    private void set(StormRow storm) {
        core.database.change(change -> {
            HealingRows.setStorm(change, storm);
            assertEquals(storm, HealingRows.lockStorm(change));
            return null;
        });
        assertEquals(storm, core.database.read(HealingRows::storm));
    }

    @Test
    public void whatIsHealedIsFollowedFromStageToStage() {
        core.database.change(change -> {
            HealingRows.insert(change, "web", 7, 1, false);
            HealingRows.insert(change, "web", 8, 0, true);
            return null;
        });
        HealingRow seven = row(7);
        assertEquals(Stage.WAITING, seven.stage());
        assertEquals(null, seven.spare());
        assertEquals(List.of(), core.database.read(handle -> HealingRows.toFollow(handle, 0)));
        core.database.change(change -> {
            assertEquals(0, HealingRows.countAtWork(change, row(change, 8)));
            HealingRows.waits(change, seven, "x".repeat(2000));
            HealingRows.starting(change, seven, 9, 42);
            assertEquals(1, HealingRows.countAtWork(change, row(change, 8)));
            assertEquals(0, HealingRows.countAtWork(change, seven));
            return null;
        });
        assertEquals(new HealingRow("web", 7, Stage.STARTING, 2, false, "", 9L, 42, row(7).changed()), row(7));
        assertEquals(List.of(row(7)), core.database.read(handle -> HealingRows.toFollow(handle, 0)));
        assertEquals(2, (int) core.database.read(handle -> HealingRows.attemptsOf(handle, "web", 9)));
        assertEquals(0, (int) core.database.read(handle -> HealingRows.attemptsOf(handle, "web", 7)));
        core.database.change(change -> {
            HealingRows.forget(change, "web");
            return null;
        });
        assertEquals(List.of(), core.database.read(handle -> HealingRows.of(handle, "web")));
    }

    /** The queries of a look, when there is nothing to be seen. */
    @Test
    public void aLookAtNothingChangesNothing() {
        core.environments.healer().look(0);
        assertEquals(List.of(), core.database.read(handle -> HealingRows.of(handle, "web")));
    }

    private HealingRow row(long resource) {
        return core.database
                .read(handle -> HealingRows.find(handle, "web", resource))
                .orElseThrow();
    }

    private static HealingRow row(org.qrm.core.store.Change change, long resource) {
        return HealingRows.find(change.handle(), "web", resource).orElseThrow();
    }
}
