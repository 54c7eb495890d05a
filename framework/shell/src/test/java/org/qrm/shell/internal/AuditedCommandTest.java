package org.qrm.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.environment.VirtualEnvironments;
import org.qrm.api.operation.Operations;

public class AuditedCommandTest {

    private final ToldAudit audit = new ToldAudit();
    private final List<String> deleted = new ArrayList<>();
    private final EnvironmentDelete command = new EnvironmentDelete();

    public AuditedCommandTest() {
        command.auditLog = audit;
        command.operations = fake(Operations.class);
        command.virtualEnvironments = fake(VirtualEnvironments.class);
        command.output = "json";
        command.name = "web1";
    }

    @Test
    public void putsDownWhoRanItOnWhat() throws Exception {
        AsUser.execute(command, "admin");
        assertEquals(List.of("ann|console|qrm:ve-delete|web1|ok"), audit.told);
        assertEquals(List.of("web1"), deleted);
    }

    @Test
    public void putsDownWhyItWasNotDone() {
        command.name = "none";
        assertThrows(QrmException.class, () -> AsUser.execute(command, "admin"));
        assertEquals(List.of("ann|console|qrm:ve-delete|none|there is no such virtual environment"), audit.told);
    }

    @Test
    public void putsDownWhoLackedTheRole() {
        assertThrows(QrmException.class, () -> AsUser.execute(command, "operator"));
        assertEquals(List.of("ann|console|qrm:ve-delete|web1|it needs the role admin"), audit.told);
        assertEquals(List.of(), deleted);
    }

    @Test
    public void changesNothingThatCannotBePutDown() {
        audit.full = true;
        QrmException refused = assertThrows(QrmException.class, () -> AsUser.execute(command, "admin"));
        assertEquals(Problem.Kind.UNAVAILABLE, refused.problem().kind());
        assertEquals(List.of(), deleted);
    }

    @Test
    public void doesNotPutDownLooking() {
        AuditVerify verify = new AuditVerify();
        verify.auditLog = audit;
        verify.log = audit;
        QrmException broken = assertThrows(QrmException.class, () -> AsUser.execute(verify, "admin"));
        assertTrue(broken.getMessage(), broken.getMessage().contains("entry 3"));
        assertEquals(List.of(), audit.told);
    }

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (arguments != null && "none".equals(arguments[0])) {
                        throw QrmException.notFound("delete", "virtual environment", "none");
                    }
                    deleted.add((String) arguments[0]);
                    return null;
                }));
    }
}
