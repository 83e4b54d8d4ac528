// src/migrations/errno.ts
function errnoOf(error) {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
export { errnoOf as t };
