-- The one of the two writers that the form of the document asks for; both have the same functions.

if FORMAT:match("typst") then
  return require("write_typst")
elseif FORMAT:match("html") then
  return require("write_html")
end
error("press.lua writes HTML and Typst, not " .. FORMAT, 0)
