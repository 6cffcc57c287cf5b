export {}
//# sourceMappingURL=read-task.js.map
