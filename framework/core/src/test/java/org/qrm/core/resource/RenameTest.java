package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;

public class RenameTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aMachineIsCalledByWhatCanBeItsHostName() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            long id = core.nodes()
                    .register(new TestMachine(core::nodes, 1, 2, 1024).registration())
                    .resource();
            for (String name : List.of(
                    "db_01", "a_", "x..y", "a-", "localhost", "10.0.0.1", "12", "", "a b", "0x7f.1", "db.localhost")) {
                QrmException refused =
                        assertThrows(name, QrmException.class, () -> core.resources.rename(id, name, Expected.any()));
                assertEquals(name, Problem.Kind.INVALID, refused.problem().kind());
            }
            assertTrue(core.resources.find(id).orElseThrow().name().startsWith("node-"));
            assertEquals(
                    "db-01.rack1",
                    core.resources.rename(id, "db-01.rack1", Expected.any()).name());
        }
    }

    @Test
    public void twoNamesThatDifferInTheCaseOfLettersAreOne() throws Exception {
        try (CoreFixture core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK)) {
            long one = core.nodes()
                    .register(new TestMachine(core::nodes, 1, 2, 1024).registration())
                    .resource();
            long other = core.nodes()
                    .register(new TestMachine(core::nodes, 2, 2, 1024).registration())
                    .resource();
            core.resources.rename(one, "web1", Expected.any());
            QrmException refused =
                    assertThrows(QrmException.class, () -> core.resources.rename(other, "WEB1", Expected.any()));
            assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
            assertEquals(
                    "Web1", core.resources.rename(one, "Web1", Expected.any()).name());
        }
    }
}
