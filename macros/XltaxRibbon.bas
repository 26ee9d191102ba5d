Attribute VB_Name = "XltaxRibbon"
Option Explicit
' The ribbon: which buttons are enabled, and what each button calls. No code here runs by itself. Excel calls XltaxOnLoad
' when it shows the ribbon. XltaxOnLoad only describes the functions for the function wizard.

Private mRibbon As IRibbonUI
Private mEvents As XltaxEvents

Public Sub XltaxOnLoad(ribbon As IRibbonUI)
    Set mRibbon = ribbon
    Set mEvents = New XltaxEvents
    mEvents.Watch Application
    XltaxDescribe
End Sub

Public Sub XltaxRefreshRibbon()
    If Not mRibbon Is Nothing Then mRibbon.Invalidate
End Sub

Public Sub XltaxEnabled(control As IRibbonControl, ByRef returnedValue As Variant)
    returnedValue = XltaxIsBook(ActiveWorkbook)
End Sub

Public Sub XltaxVisible(control As IRibbonControl, ByRef returnedValue As Variant)
    returnedValue = XltaxTabShown()
End Sub

Public Function XltaxIsBook(ByVal book As Workbook) As Boolean
    ' True for a workbook made by xltax, by its document properties.
    Dim template As Variant
    If book Is Nothing Then Exit Function
    On Error Resume Next
    template = book.CustomDocumentProperties("xltax template").Value
    On Error GoTo 0
    XltaxIsBook = Len(template & "") > 0
End Function

Public Sub XltaxPress(ByVal actionName As String)
    RunPython "import xltax.faces.excel_buttons as buttons; buttons.press('" & actionName & "')"
End Sub

Public Sub XltaxShowTasks(control As IRibbonControl)
    On Error GoTo Missing
    ActiveWorkbook.Worksheets("Tasks").Activate
    Exit Sub
Missing:
    MsgBox "This workbook has no Tasks sheet.", vbInformation, "xltax"
End Sub

Public Sub XltaxShowWhy(control As IRibbonControl)
    MsgBox XltaxWhy(ActiveCell), vbInformation, "xltax"
End Sub
