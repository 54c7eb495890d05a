package org.qrm.core.operation;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.qrm.core.store.Text;

/** The calls of plug-ins that an operation makes: those under way, and those that the server ended in. */
final class OperationCalls {

    /** After so many ends of the server in it a call is not made again. */
    static final int MOST_ENDS = 2;

    private static final int LETTERS = 120;

    private OperationCalls() {}

    /** How often the server has ended in that call. */
    static int ends(Handle handle, long operation, String who) {
        return handle.createQuery(
                        "select server_ends from operation_call where operation_id = :operation and called = :who")
                .bind("operation", operation)
                .bind("who", key(who))
                .mapTo(Integer.class)
                .findOne()
                .orElse(0);
    }

    static void begin(Handle handle, long operation, String who) {
        int there = handle.execute(
                "update operation_call set under_way = true where operation_id = ? and called = ?",
                operation,
                key(who));
        if (there == 0) {
            handle.execute(
                    "insert into operation_call (operation_id, called, under_way, server_ends) values (?, ?, true, 0)",
                    operation,
                    key(who));
        }
    }

    static void end(Handle handle, long operation, String who) {
        handle.execute("delete from operation_call where operation_id = ? and called = ?", operation, key(who));
    }

    /** The server has ended. Answers whom it was calling. */
    static List<String> serverEnded(Handle handle, long operation) {
        List<String> called = handle.createQuery(
                        "select called from operation_call where operation_id = :operation and under_way = true")
                .bind("operation", operation)
                .mapTo(String.class)
                .list();
        if (!called.isEmpty()) {
            handle.execute(
                    "update operation_call set under_way = false, server_ends = server_ends + 1"
                            + " where operation_id = ? and under_way = true",
                    operation);
        }
        return called;
    }

    static void forget(Handle handle, long operation) {
        handle.execute("delete from operation_call where operation_id = ?", operation);
    }

    private static String key(String who) {
        return Text.cut(who, LETTERS);
    }
}
